import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where a connection breaks. */
export interface Cut {
  /** After so many bytes of what the collector sends, or of what it is answered. */
  readonly side: 'request' | 'answer';
  readonly bytes: number;
}

/** The query stands in the address, before the rows. */
const INSERT = /INSERT(?:\+|%20| )INTO/i;

/** One connection from the collector to ClickHouse, which may be cut. */
class Link {
  readonly #near: Socket;
  readonly #far: Socket;
  /** Waits until an insert begins. */
  readonly #takeCut: () => Cut | undefined;
  #cut: Cut | undefined;
  #passed = 0;

  constructor(near: Socket, far: Socket, takeCut: () => Cut | undefined) {
    this.#near = near;
    this.#far = far;
    this.#takeCut = takeCut;
    for (const socket of [near, far]) socket.on('error', () => this.destroy());
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    near.on('data', (chunk: Buffer) => this.#passRequest(chunk));
    far.on('data', (chunk: Buffer) => this.#passAnswer(chunk));
  }

  destroy(): void {
    for (const socket of [this.#near, this.#far]) socket.resetAndDestroy();
  }

  #passRequest(chunk: Buffer): void {
    if (this.#cut === undefined && INSERT.test(chunk.toString('latin1', 0, 4_096)))
      this.#cut = this.#takeCut();
    if (this.#cut?.side === 'request') this.#passUntilCut(chunk, this.#far, this.#cut.bytes);
    else this.#far.write(chunk);
  }

  /** An insert that is shorter than what was to pass of it is cut when it is answered. */
  #passAnswer(chunk: Buffer): void {
    if (this.#cut === undefined) this.#near.write(chunk);
    else this.#passUntilCut(chunk, this.#near, this.#cut.side === 'answer' ? this.#cut.bytes : 0);
  }

  #passUntilCut(chunk: Buffer, to: Socket, bytes: number): void {
    const left = Math.max(0, bytes - this.#passed);
    this.#passed += chunk.length;
    if (chunk.length < left) to.write(chunk);
    else to.write(chunk.subarray(0, left), () => this.destroy());
  }
}

/** The way from the collector to ClickHouse: it can be cut in the middle of an insert, and be shut. */
export class Gate {
  readonly #links = new Set<Link>();
  readonly #server: Server;
  #port = 0;
  #waiting: { readonly cut: Cut; readonly onStruck: () => void } | undefined;

  /** @param target - port of 127.0.0.1 to which it leads */
  constructor(target: number) {
    this.#server = createServer((near) => {
      const link = new Link(near, connect(target, '127.0.0.1'), () => this.#takeCut());
      this.#links.add(link);
      near.on('close', () => this.#links.delete(link));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  #takeCut(): Cut | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.onStruck();
    return waiting?.cut;
  }

  /** Cuts the next insert. Resolves with whether there was one in time. */
  cutInsert(cut: Cut, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined;
        resolve(false);
      }, timeoutMs);
      const onStruck = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#waiting = { cut, onStruck };
    });
  }

  /** Lets connections in; at the same port each time. */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Connections are refused from here on, and those that are open break. */
  async shut(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const link of this.#links) link.destroy();
    await closed;
  }
}
