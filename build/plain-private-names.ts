import type { AstNode, Plugin } from "rollup";

/**
 * For the script-tag build, whose syntax has no private names: makes them properties with names of their own, which
 * esbuild shortens (see `privateNames`). What it would make of them itself, a WeakMap each, is a tenth of the file and slow.
 */
export function plainPrivateNames(): Plugin {
  let classes = 0;
  return {
    name: "plain-private-names",
    // After whatever compiles TypeScript.
    transform: {
      order: "post",
      handler(code) {
        if (!code.includes("#")) return null;
        const edits: Edit[] = [];
        const visit = (node: unknown, scope: Scope | undefined): void => {
          if (Array.isArray(node)) for (const child of node) visit(child, scope);
          if (!isNode(node)) return;
          let inner = scope;
          if (node.type === "ClassBody") {
            classes += 1;
            inner = { id: classes, names: declaredNames(node), outer: scope };
          }
          if (node.type === "PrivateIdentifier") edits.push(edit(node, scope));
          if (
            node.type === "BinaryExpression" &&
            isNode(node["left"]) &&
            node["left"].type === "PrivateIdentifier"
          ) {
            this.error("`#name in object` has no plain form");
          }
          for (const [key, child] of Object.entries(node)) if (key !== "type") visit(child, inner);
        };
        visit(this.parse(code), undefined);
        return { code: edited(code, edits), map: null };
      },
    },
  };
}

/** The names that {@link plainPrivateNames} makes. */
export const privateNames: RegExp = /^_private_\d+_/;

type AnyNode = AstNode & Record<string, unknown>;

interface Scope {
  readonly id: number;
  readonly names: ReadonlySet<unknown>;
  readonly outer: Scope | undefined;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
  );
}

function declaredNames(body: AnyNode): Set<unknown> {
  const names = new Set<unknown>();
  for (const member of body["body"] as AnyNode[]) {
    const key = member["key"];
    if (isNode(key) && key.type === "PrivateIdentifier") names.add(key["name"]);
  }
  return names;
}

/** A private name belongs to the innermost class that declares it: base and derived class may have the same. */
function edit(node: AnyNode, scope: Scope | undefined): Edit {
  let owner = scope;
  while (owner !== undefined && !owner.names.has(node["name"])) owner = owner.outer;
  if (owner === undefined) throw new Error(`no class declares #${String(node["name"])}`);
  return { start: node.start, end: node.end, text: `_private_${owner.id}_${String(node["name"])}` };
}

function edited(code: string, edits: Edit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
    // Minified code has "async#name" without a space.
    const space = /[\w$]/.test(code.charAt(start - 1)) ? " " : "";
    result += code.slice(at, start) + space + text;
    at = end;
  }
  return result + code.slice(at);
}
