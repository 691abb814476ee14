import { type AccessKey, sign } from "../../provider/cce/signer.ts";
import { interleave, median } from "./measure.ts";
import type { Row, Section } from "./table.ts";
import { requireVendor } from "./vendor.ts";

/** A request that both sides sign. */
interface Sample {
  readonly what: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly data?: unknown;
}

/** Signs a request; gives the `Authorization` header and the date that was signed. */
type Sign = () => { readonly authorization: string | undefined; readonly date: string | undefined };

const host = "cce.eu-west-101.myhuaweicloud.eu";
const cluster = `/api/v3/projects/${"0123456789abcdef".repeat(2)}/clusters/4e2a3c1d-0000-11ef-8e2f-0255ac100030`;
const pool = "9d1b2c3a-0000-11ef-8e2f-0255ac100031";
const key: AccessKey = {
  accessKey: "FAKEACCESSKEY0000000",
  secretKey: "fake-secret-key-".repeat(3).slice(0, 40),
};
const headers = { "content-type": "application/json" };

const samples: readonly Sample[] = [
  { what: "a look (GET)", method: "GET", path: `${cluster}/nodes`, query: { limit: "2000" } },
  {
    what: "a sync (POST)",
    method: "POST",
    path: `${cluster}/nodepools/${pool}/sync`,
    query: {},
    data: { spec: { nodePoolID: pool, maxUnavailable: 2 } },
  },
];

/** Signatures in a slice: few enough for a slice to meet the same machine as the one beside it. */
const perSlice = 250;

/**
 * Signatures a second against the vendor's signer, both in this process and in turn.
 * @param rounds how many slices of each are measured.
 * @param withVendor whether there is a vendor's SDK to compare with; without it, only ours is measured.
 * @throws Error when the two sides do not sign a request alike.
 */
export async function measureSigning(rounds: number, withVendor: boolean): Promise<Section> {
  const rows: Row[] = [];
  for (const sample of samples) rows.push(await compare(sample, rounds, withVendor));
  return {
    title: "4. Signing",
    how: `Against the vendor's signer. The same request in the same process; both give the same signature. Each makes the date, and the text of the body too. Medians of ${rounds} slices in turn, ${perSlice} signatures each.`,
    rows,
  };
}

async function compare(sample: Sample, rounds: number, withVendor: boolean): Promise<Row> {
  const ours = oursFor(sample);
  const slices: Record<string, () => number> = { ours: () => signaturesASecond(() => ours(new Date())) };
  if (withVendor) {
    const theirs = theirsFor(sample);
    assertEqual(sample, theirs);
    slices.theirs = () => signaturesASecond(theirs);
  }
  const results = await interleave(slices, rounds, { warmUp: true });
  const row = { what: sample.what, unit: "a second", ours: Math.round(median(results.ours ?? [])) };
  if (results.theirs === undefined) return row;
  return { ...row, other: Math.round(median(results.theirs)), bound: { of: "ratio", least: 3.5 } };
}

function oursFor({ method, path, query, data }: Sample): (at: Date) => ReturnType<Sign> {
  const request = {
    method,
    path,
    query: new URLSearchParams(query).toString(),
    headers: { ...headers, host },
  };
  return (at) => {
    const added = sign({ ...request, body: data === undefined ? "" : JSON.stringify(data) }, key, at);
    return { authorization: added.Authorization, date: added["X-Sdk-Date"] };
  };
}

function theirsFor({ method, path, query, data }: Sample): Sign {
  const { AKSKSigner } = requireVendor("@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js");
  const { BasicCredentials } = requireVendor("@huaweicloud/huaweicloud-sdk-core");
  const credentials = new BasicCredentials()
    .withAk(key.accessKey)
    .withSk(key.secretKey)
    .withProjectId("fake");
  const request = { method, endpoint: `https://${host}${path}`, headers, queryParams: query, data };
  return () => {
    const signed = AKSKSigner.sign(request, credentials);
    return { authorization: signed.Authorization, date: signed["X-Sdk-Date"] };
  };
}

function assertEqual(sample: Sample, theirs: Sign): void {
  const { authorization, date = "" } = theirs();
  const at = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  if (oursFor(sample)(new Date(at)).authorization !== authorization)
    throw new Error(`${sample.what}: the two sides do not give the same signature`);
}

function signaturesASecond(signOnce: () => unknown): number {
  const begun = performance.now();
  for (let count = 0; count < perSlice; count += 1) signOnce();
  return (perSlice / (performance.now() - begun)) * 1000;
}
