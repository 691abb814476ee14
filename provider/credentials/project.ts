import { z } from "zod";
import type { HttpHandler, HttpRequest } from "../cce/http.ts";
import { readable, serviceError } from "../cce/responses.ts";
import { tryRead } from "../cce/retryPolicy.ts";
import { errorCodes } from "../errors/codes.ts";
import { ConfigurationError, InterruptedError, UserError } from "../errors/errors.ts";
import { createSharedWork, type SharedWork } from "../util/abort.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import type { CredentialProvider } from "./credentialProvider.ts";
import type { CredentialSource } from "./credentialSource.ts";

const projectList = z.object({ projects: z.array(z.object({ id: z.string().min(1), name: z.string() })) });

/** The project that is wanted, and who may look it up where. */
export interface WantedProject {
  readonly projectId?: string;
  readonly projectName?: string;
  readonly iamEndpoint?: string;
  readonly source: CredentialSource;
}

/** Finds out ids of projects, each once in a process. */
export interface ProjectFinder {
  /**
   * The id: the one that is given, else that of the project to which the credential is bound, else what IAM says.
   * @param handler sends requests with the provider's credential.
   * @throws InterruptedError when the signal aborts; what others wait for goes on.
   */
  idOf(
    wanted: WantedProject,
    provider: CredentialProvider,
    handler: HttpHandler,
    signal?: AbortSignal,
  ): Promise<string>;
}

/** Creates a finder, which memoizes what it has found. */
export function createProjectFinder(clock: Clock): ProjectFinder {
  const found = new Map<string, string>();
  const searches = new Map<string, SharedWork<string>>();
  return {
    async idOf({ projectId, projectName, iamEndpoint, source }, provider, handler, signal) {
      if (projectId !== undefined) return projectId;
      if (projectName === undefined || iamEndpoint === undefined)
        throw new ConfigurationError(["projectId: not found"]);
      const key = JSON.stringify([iamEndpoint, projectName, source.id]);
      const known = found.get(key);
      if (known !== undefined) return known;
      const search = memoize(searches, key, () =>
        createSharedWork(
          async (ending) =>
            (await provider.project(ending)) ??
            findProjectId(projectName, iamEndpoint, handler, clock, ending),
        ),
      );
      const id = await search.join(signal, () => {
        throw new InterruptedError(callFor(projectName));
      });
      found.set(key, id);
      return id;
    },
  };
}

const callFor = (name: string) => `look up the id of project ${name}`;

/**
 * Looks up the id of the project of this name (IAM, `GET /v3/projects`). A region has a project of its own name,
 * and may have sub-projects with longer ones.
 * @throws UserError when there is none or more than one, or the look-up is not allowed.
 * @throws InterruptedError when the signal aborts.
 */
export async function findProjectId(
  name: string,
  iamEndpoint: string,
  handler: HttpHandler,
  clock: Clock,
  signal?: AbortSignal,
): Promise<string> {
  const call = callFor(name);
  const query = `name=${encodeURIComponent(name)}`;
  const headers = { Accept: "application/json" };
  const request: HttpRequest = {
    call,
    method: "GET",
    origin: iamEndpoint,
    path: "/v3/projects",
    query,
    headers,
    signal,
  };
  const projects = await tryRead(
    call,
    async () => {
      const answer = await handler(request);
      if (answer.status === 200) return readable(call, answer, projectList).projects;
      const error = serviceError(call, answer, clock.now());
      if (answer.status !== 403 && answer.status !== 404) throw error;
      throw new UserError(error.message, errorCodes.configuration, remedy);
    },
    clock,
    signal,
  );
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
  "Set projectId, as an input or in the provider configuration, or HW_PROJECT_ID, so that nothing has to be looked up.";
