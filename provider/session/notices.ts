import type { Settings } from "../config/settings.ts";
import { traceSetting } from "../config/trace.ts";
import { isLoopback } from "../util/address.ts";

/** Something that holds for the whole session. */
export interface Notice {
  readonly text: string;
  readonly severity: "info" | "warning";
}

/** What a user should know of the way in which these settings reach the service. */
export function noticesOf({ endpoint, isTrustedEndpoint, transport, tracePath }: Settings): Notice[] {
  const notices: Notice[] = [];
  if (tracePath !== undefined)
    notices.push({ text: `writing a trace to ${tracePath} (${traceSetting})`, severity: "info" });
  if (!isTrustedEndpoint) {
    const text = `requests go to ${endpoint}, which is neither made from the region nor configured: whoever runs that host can read the requests and answer them; set it in endpoints of the provider configuration or in HW_ENDPOINTS if you trust it`;
    notices.push({ text, severity: "warning" });
  }
  if (transport.insecure) {
    const text =
      "certificates are not verified (insecure, HW_INSECURE): anyone between this machine and the service can read and change all traffic, credentials included; set cacertFile to the issuer's certificate instead";
    notices.push({ text, severity: "warning" });
  }
  if (isLoopback(new URL(endpoint).hostname)) {
    notices.push({
      text: `using the local endpoint ${endpoint} (an emulator or a tunnel)`,
      severity: "info",
    });
  }
  return notices;
}
