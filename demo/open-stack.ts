import { CatmaidClient, ProjectStack } from "catmaid-image";

/** The stack to show, from `?catmaid=URL&project=1&stack=2`. Default: the sample server's first stack. */
interface StackChoice {
  readonly catmaid: string;
  readonly project: string;
  readonly stack: string;
}

/** Asks CATMAID for that stack. */
export async function openStack(): Promise<ProjectStack> {
  const { catmaid, project, stack } = await stackChoice();
  const client = new CatmaidClient({ baseUrl: catmaid, projectId: project });
  const info = await client.get([project, "stack", stack, "info"]);
  return ProjectStack.fromStackInfo(info, { catmaidUrl: client.baseUrl });
}

async function stackChoice(): Promise<StackChoice> {
  const query = new URLSearchParams(location.search);
  const sample = (await (await fetch("sample.json")).json()) as StackChoice;
  return {
    catmaid: query.get("catmaid") ?? sample.catmaid,
    project: query.get("project") ?? sample.project,
    stack: query.get("stack") ?? sample.stack,
  };
}
