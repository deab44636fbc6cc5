// Answers remembered: a batch asks the same few questions, about days and instants above all, a hundred thousand times.

const MOST = 5000;

/** The same function, which works out each answer once. A limit keeps odd input from filling the memory: then all is forgotten. */
export function remembering<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = work(key);
      if (known.size >= MOST) known.clear();
      known.set(key, value);
    }
    return value;
  };
}
