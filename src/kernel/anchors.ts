// A day's anchor: the Merkle tree over the heads of all customers' chains that grew that day, chained to the day before.
import { canonicalJson, sha256 } from "./hash.ts";
import { formatDay, type Day } from "./time.ts";

/** Where a customer's chain stood: entries after `after`, up to and with `seq`, whose text has the hash `hash`. */
export interface Head {
  ref: string;
  after: number;
  seq: number;
  hash: string;
}

/** One day's anchor: the root of the tree over the heads of that day, chained to the anchor before. */
export interface Anchor {
  day: Day;
  root: string;
  leaves: number;
  previous: string;
  hash: string;
}

/** What the first anchor names as the one before it. */
export const ANCHOR_GENESIS = sha256("regua anchors");

/**
 * The leaf of a head. The customer is named by a hash that takes in the head's own, so that a leaf, which stands in the proofs of
 * other customers, tells nothing: not to who knows the customer's number, and not the same way on two days.
 */
export function leafOf({ ref, after, seq, hash }: Head): string {
  const customer = sha256(canonicalJson({ customer: ref, head: hash }));
  return sha256(Buffer.concat([Buffer.of(0), Buffer.from(canonicalJson({ after, customer, hash, seq }), "utf8")]));
}

/** An inner node. The byte before keeps a node from being taken for a leaf (RFC 6962, 2.1). */
function nodeOf(left: string, right: string): string {
  return sha256(Buffer.from(`01${left}${right}`, "hex"));
}

/**
 * A Merkle tree hash over leaves in order, by the subtrees that are whole: memory grows with the logarithm of the leaves.
 * An odd node is taken up unchanged, which is the tree of RFC 6962, section 2.1.
 */
export class Tree {
  readonly #whole: (string | undefined)[] = [];
  size = 0;

  add(leaf: string): void {
    let node = leaf;
    let level = 0;
    for (let left = this.#whole[level]; left !== undefined; left = this.#whole[level]) {
      node = nodeOf(left, node);
      this.#whole[level] = undefined;
      level += 1;
    }
    this.#whole[level] = node;
    this.size += 1;
  }

  /** Of no leaves: the hash of nothing. */
  root(): string {
    let root: string | undefined;
    for (const left of this.#whole) if (left !== undefined) root = root === undefined ? left : nodeOf(left, root);
    return root ?? sha256("");
  }
}

/** The root that a leaf's path leads to, from the leaf upwards; null when the path has not the length of that place (RFC 9162, 2.1.3.2). */
export function rootOfPath(leaf: string, position: number, size: number, path: readonly string[]): string | null {
  if (position < 0 || position >= size) return null;
  let [place, last, node] = [position, size - 1, leaf];
  for (const side of path) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      node = nodeOf(side, node);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else node = nodeOf(node, side);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? node : null;
}

export function anchorHash(anchor: Omit<Anchor, "hash">): string {
  const { day, root, leaves, previous } = anchor;
  return sha256(canonicalJson({ day: formatDay(day), leaves, previous, root }));
}
