import { type Job, serviceTime } from "../../cce/model.ts";
import { readJob } from "../proof/jobReading.ts";
import type { Watched } from "../proof/observation.ts";
import { isWorking } from "../proof/phases.ts";
import type { OpenRequest } from "../record/record.ts";
import type { Look } from "../run/look.ts";

/** Signs that the service took a request, and the job that is the request's, as several looks show them. */
export interface Acceptance {
  /** Takes in one more look. */
  note(look: Look): void;
  /** The job in the answer, or else one that the pool's status names and did not name before. */
  jobOf(request: OpenRequest, look: Look): string | undefined;
  /**
   * Whether a request whose answer was lost was taken: the pool shows what it did not show before it, while no other
   * node works; or a job names our nodes, which alone counts for a request with a node template.
   */
  isShown(watched: Watched, look: Look, job: Job | undefined): boolean;
}

/** Watches for the signs of one request. */
export function createAcceptance(): Acceptance {
  const scalingJobs = new Set<string>();
  let latestJob: string | undefined;

  function jobOf({ jobId, before }: OpenRequest, { pool }: Look): string | undefined {
    if (jobId !== undefined) return jobId;
    const shown = pool?.jobId;
    return shown === undefined || shown === before.jobId || scalingJobs.has(shown) ? undefined : shown;
  }

  return {
    note({ pool }) {
      const { jobId, scaling } = pool ?? {};
      if (jobId === undefined || jobId === latestJob) return;
      latestJob = jobId;
      // A job that appears while the pool is being scaled is the scaling's, whichever nodes it names.
      if (scaling) scalingJobs.add(jobId);
    },
    jobOf,
    isShown(watched, look, job) {
      const { request, hasTemplate } = watched;
      const { pool, clusterUpgrading, poolNodes } = look;
      if (readJob(watched, { ...look, job, isOwnJob: false, isTimeUp: false }) !== undefined) return true;
      const ids = new Set(request.ids);
      const othersWork = poolNodes.some((node) => !ids.has(node.id) && isWorking(node, clusterUpgrading));
      const showsSync =
        pool?.synchronizing === true &&
        pool.transition !== request.before.transition &&
        isSince(pool.transition, request.sentAt);
      return (jobOf(request, look) !== undefined || showsSync) && !othersWork && !hasTemplate;
    },
  };
}

/** A condition that began before the request left is somebody else's sync. The service's times are whole seconds. */
function isSince(transition: string | undefined, sentAt: string): boolean {
  const [began, sent] = [serviceTime(transition), serviceTime(sentAt)];
  return began === undefined || sent === undefined || began > sent - 1000;
}
