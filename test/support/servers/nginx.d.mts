import type { ChildProcess } from "node:child_process";

export function nginxConfiguration(folder: string, http: string): string;
export function startNginx(folder: string, http: string, url: string): Promise<ChildProcess>;
export function freePort(): Promise<number>;
