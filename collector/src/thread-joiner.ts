import type { ClickHouseClient } from '@clickhouse/client';
import type { BoundTrace, JoinedTrace, TraceHistory } from '@colloquy/schema';
import { byStart, joinTrace, LOOK_BACK_DAYS, nameThreads } from './conversation/join-traces.js';
import { readHistory } from './conversation/trace-history.js';
import { groupBy } from './group-by.js';
import {
  findEnding,
  findFollowing,
  findMembers,
  readJoined,
  writeJoined,
} from './store/joined-traces.js';
import { hashesOf, readContents, readTraceFacts } from './store/read-facts.js';
import { amongUnnamed, UnnamedDays, type TraceBrief } from './store/unnamed-days.js';
import { isTraceId } from './untraced-logs.js';

/** Traces that are looked at together. */
const MAX_TRACES = 200;

const LOOK_BACK_SECONDS = LOOK_BACK_DAYS * 24 * 3_600;

const textOf = ({ startedAt, ...rest }: TraceHistory): string =>
  JSON.stringify([String(startedAt), rest]);

const historyOf = ({ traceId, startedAt, userId, threadId, begins, ends }: TraceHistory) =>
  ({ traceId, startedAt, userId, threadId, begins, ends }) satisfies TraceHistory;

const isSame = (a: TraceHistory | undefined, b: TraceHistory): boolean =>
  a !== undefined && textOf(historyOf(a)) === textOf(historyOf(b));

/**
 * Finds out, for traces that nobody named, which other they go on from, and keeps that with the
 * facts. What comes out depends on the facts alone: a trace that comes late changes what was
 * found for those after it.
 */
export class ThreadJoiner {
  readonly #client: ClickHouseClient;
  readonly #now: () => number;
  readonly #days: UnnamedDays;
  #version = 0n;

  /** @param now - milliseconds since 1970 */
  constructor(client: ClickHouseClient, now: () => number) {
    this.#client = client;
    this.#now = now;
    this.#days = new UnnamedDays(client, LOOK_BACK_DAYS);
  }

  /** To be called when something of a project was erased. */
  forget(projectId: string): void {
    this.#days.forget(projectId);
  }

  /**
   * Looks at traces whose facts changed. Those that have an id are passed over, unless their
   * service also sends traces without.
   *
   * @returns the threads that gained or lost traces by it
   */
  async join(projectId: string, briefs: readonly TraceBrief[]): Promise<ReadonlySet<string>> {
    const speaking = briefs.filter(({ traceId, days }) => isTraceId(traceId) && days.length > 0);
    const unnamed = speaking.filter(({ threadIds }) => threadIds.length === 0);
    const named = speaking.filter(({ threadIds }) => threadIds.length > 0);
    const { days, traceIds: older } = await this.#days.mark(projectId, unnamed);
    const beside = await amongUnnamed(this.#client, projectId, named);
    const traceIds = [
      ...new Set([...[...unnamed, ...beside].map(({ traceId }) => traceId), ...older]),
    ];
    const changed = new Set<string>();
    for (let first = 0; first < traceIds.length; first += MAX_TRACES) {
      const piece = traceIds.slice(first, first + MAX_TRACES);
      for (const threadId of await this.#joinPiece(projectId, piece)) changed.add(threadId);
    }
    if (days.length > 0) await this.#days.confirm(projectId, days);
    return changed;
  }

  async #joinPiece(projectId: string, traceIds: readonly string[]): Promise<Iterable<string>> {
    const histories = await this.#readFresh(projectId, traceIds);
    const session = new JoinSession(this.#client, projectId, () => this.#nextVersion());
    return session.join(histories);
  }

  async #readFresh(
    projectId: string,
    traceIds: readonly string[],
  ): Promise<readonly TraceHistory[]> {
    const facts = await readTraceFacts(this.#client, projectId, traceIds);
    const hashes = hashesOf([...facts.spans, ...facts.logs]);
    const { contents } = await readContents(this.#client, projectId, facts.shelves, hashes);
    const spansOf = groupBy(facts.spans, ({ traceId }) => traceId);
    const logsOf = groupBy(facts.logs, ({ traceId }) => traceId);
    return traceIds.flatMap(
      (id) => readHistory(id, spansOf.get(id) ?? [], logsOf.get(id) ?? [], contents) ?? [],
    );
  }

  /** Later than every version before. */
  #nextVersion(): bigint {
    const now = BigInt(this.#now()) * 1_000n;
    this.#version = now > this.#version ? now : this.#version + 1n;
    return this.#version;
  }
}

/** What one piece of work has read and found so far. */
class JoinSession {
  readonly #client: ClickHouseClient;
  readonly #projectId: string;
  readonly #nextVersion: () => bigint;
  readonly #rows = new Map<string, BoundTrace>();
  readonly #threads = new Set<string>();

  constructor(client: ClickHouseClient, projectId: string, nextVersion: () => bigint) {
    this.#client = client;
    this.#projectId = projectId;
    this.#nextVersion = nextVersion;
  }

  async join(fresh: readonly TraceHistory[]): Promise<ReadonlySet<string>> {
    await this.#load(fresh.map(({ traceId }) => traceId));
    for (const { traceId } of fresh) this.#tell(this.#rows.get(traceId));
    const changed = fresh.filter((history) => !isSame(this.#rows.get(history.traceId), history));
    const before = changed.flatMap(({ traceId }) => this.#rows.get(traceId) ?? []);
    // Written before anything is looked up, so that of two that are joined at once one sees the other.
    await this.#write(changed.map((history) => this.#provisional(history)));
    let dirty = await this.#rowsOf([
      ...changed.map(({ traceId }) => traceId),
      ...(await this.#following([...before, ...changed])),
    ]);
    while (dirty.length > 0) {
      const moved = await this.#settle(await this.#joinAll(dirty));
      dirty = moved.length === 0 ? [] : await this.#rowsOf(await this.#following(moved));
    }
    return this.#threads;
  }

  /** A trace before it is known what it goes on from: as it was, or alone. */
  #provisional(history: TraceHistory): BoundTrace {
    const known = this.#rows.get(history.traceId);
    if (known !== undefined) return { ...known, ...history };
    const boundTo = history.threadId ?? history.traceId;
    const alone = { parent: undefined, root: history.traceId, isAmbiguous: false };
    return { ...history, ...alone, boundTo, boundBefore: '' };
  }

  /** The traces whose own place depends on what these are. */
  async #following(traces: readonly TraceHistory[]): Promise<readonly string[]> {
    const [first] = traces.toSorted(byStart);
    if (first === undefined) return [];
    const ends = traces.flatMap((trace) => trace.ends);
    return findFollowing(this.#client, this.#projectId, ends, first.startedAt);
  }

  /** Finds anew what each goes on from. */
  async #joinAll(dirty: readonly BoundTrace[]): Promise<readonly JoinedTrace[]> {
    const ending = await findEnding(this.#client, this.#projectId, dirty, LOOK_BACK_SECONDS);
    await this.#load([...ending.values()].flat());
    return dirty.map((trace) =>
      joinTrace(historyOf(trace), (mark) =>
        (ending.get(mark) ?? [])
          .flatMap((traceId) => this.#rows.get(traceId) ?? [])
          .filter(({ ends }) => ends.includes(mark)),
      ),
    );
  }

  /**
   * Puts traces into the conversations they go on from, and binds all that are in those.
   *
   * @returns the traces whose place others may depend on, and changed
   */
  async #settle(joined: readonly JoinedTrace[]): Promise<readonly BoundTrace[]> {
    const roots = new Set<string>();
    for (const trace of joined) {
      const known = this.#rows.get(trace.traceId);
      roots
        .add(trace.root)
        .add(known?.root ?? trace.root)
        .add(trace.traceId);
    }
    await this.#load(await findMembers(this.#client, this.#projectId, roots));
    await this.#load([...this.#rows.values()].flatMap(({ parent }) => parent ?? []));
    const found = new Map(joined.map((trace) => [trace.traceId, trace]));
    const members = [...this.#rows.values()]
      .filter(({ traceId, root }) => roots.has(root) || found.has(traceId))
      .map((row): JoinedTrace => ({ ...row, ...found.get(row.traceId) }));
    const rooted = this.#findRoots(members);
    const threads = nameThreads(rooted);
    const changed = rooted.flatMap((trace) => {
      const known = this.#rows.get(trace.traceId);
      const boundTo = threads.get(trace.traceId) ?? trace.root;
      const hasMoved = known?.boundTo !== boundTo;
      const boundBefore = hasMoved ? (known?.boundTo ?? '') : known.boundBefore;
      const next: BoundTrace = { ...trace, boundTo, boundBefore };
      const isSettled =
        !hasMoved &&
        known.parent === next.parent &&
        known.root === next.root &&
        known.isAmbiguous === next.isAmbiguous;
      return isSettled ? [] : [{ known, next }];
    });
    await this.#write(changed.map(({ next }) => next));
    return changed.filter(({ known, next }) => known?.root !== next.root).map(({ next }) => next);
  }

  /** The first trace of the conversation of each; what is no member stands where it is known to. */
  #findRoots(members: readonly JoinedTrace[]): readonly JoinedTrace[] {
    const roots = new Map<string, string>();
    return members.toSorted(byStart).map((trace) => {
      const { parent, traceId } = trace;
      const above =
        parent === undefined ? undefined : (roots.get(parent) ?? this.#rows.get(parent)?.root);
      const root = above ?? traceId;
      roots.set(traceId, root);
      return { ...trace, root };
    });
  }

  async #write(traces: readonly BoundTrace[]): Promise<void> {
    if (traces.length === 0) return;
    await writeJoined(this.#client, this.#projectId, traces, this.#nextVersion());
    for (const trace of traces) {
      this.#rows.set(trace.traceId, trace);
      this.#tell(trace);
    }
  }

  /** Notes the threads that a trace is in or was in before. */
  #tell(trace: BoundTrace | undefined): void {
    for (const threadId of [trace?.boundTo, trace?.boundBefore])
      if (threadId !== undefined && threadId !== '') this.#threads.add(threadId);
  }

  async #load(traceIds: readonly string[]): Promise<void> {
    const unknown = traceIds.filter((traceId) => !this.#rows.has(traceId));
    const rows = await readJoined(this.#client, this.#projectId, unknown);
    for (const row of rows) this.#rows.set(row.traceId, row);
  }

  async #rowsOf(traceIds: readonly string[]): Promise<readonly BoundTrace[]> {
    await this.#load(traceIds);
    return [...new Set(traceIds)].flatMap((traceId) => this.#rows.get(traceId) ?? []);
  }
}
