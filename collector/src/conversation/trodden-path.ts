import { sharedLength } from '../shared-length.js';
import type { Step } from './call.js';
import type { Node } from './node.js';

/** How far a history goes a way that is known, and the node it gets to. */
interface Way {
  readonly node: Node;
  readonly length: number;
}

/**
 * The way that the last history went: the next one mostly begins alike, and what both share is not
 * walked again. It knows what the nodes themselves remember (`Node.trodden`) and changes nothing;
 * to be asked before every walk of a history, so that none turns off unseen.
 */
export class TroddenPath {
  #from: Node | undefined;
  #steps: readonly Step[] = [];
  /** The node after each of the steps, as far as the way was known. */
  readonly #nodes: Node[] = [];

  follow(from: Node, steps: readonly Step[]): Way {
    const nodes = this.#nodes;
    const shared = from === this.#from ? sharedLength(steps, this.#steps) : 0;
    if (shared < nodes.length) nodes.length = shared;
    this.#from = from;
    this.#steps = steps;
    let node = nodes.at(-1) ?? from;
    while (nodes.length < steps.length) {
      const { trodden, troddenTo } = node;
      if (trodden !== steps[nodes.length] || troddenTo === undefined) break;
      nodes.push(troddenTo);
      node = troddenTo;
    }
    return { node, length: nodes.length };
  }
}
