import { z } from "zod";
import type { Exchange, HttpRequest } from "../cce/http.ts";
import { readable, serviceError } from "../cce/responses.ts";
import { tryRead } from "../cce/retryPolicy.ts";
import { errorCodes } from "../errors/codes.ts";
import { UserError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";

const projectList = z.object({ projects: z.array(z.object({ id: z.string().min(1), name: z.string() })) });

/**
 * Looks up the id of the project of this name (IAM, `GET /v3/projects`). A region has a project of its own name,
 * and may have sub-projects with longer ones.
 * @throws UserError when there is none or more than one, or the look-up is not allowed.
 */
export async function findProjectId(
  name: string,
  iamEndpoint: string,
  exchange: Exchange,
  clock: Clock,
): Promise<string> {
  const call = `look up the id of project ${name}`;
  const query = `name=${encodeURIComponent(name)}`;
  const headers = { Accept: "application/json" };
  const request: HttpRequest = {
    call,
    method: "GET",
    origin: iamEndpoint,
    path: "/v3/projects",
    query,
    headers,
  };
  const projects = await tryRead(async () => {
    const answer = await exchange(request);
    if (answer.status === 200) return readable(call, answer, projectList).projects;
    const error = serviceError(call, answer, clock.now());
    if (answer.status !== 403 && answer.status !== 404) throw error;
    throw new UserError(error.message, errorCodes.configuration, remedy);
  }, clock);
  const found = projects.filter((project) => project.name === name);
  const [project] = found;
  if (project !== undefined && found.length === 1) return project.id;
  throw new UserError(
    `${found.length === 0 ? "no" : "more than one"} project is named ${name}`,
    errorCodes.configuration,
    remedy,
  );
}

const remedy =
  "Set projectId, Pulumi config huaweicloud:projectId or HW_PROJECT_ID, so that nothing has to be looked up.";
