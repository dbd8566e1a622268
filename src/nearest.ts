/** `; did you mean a, b?`, or nothing. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const found = nearest(word, names);
  return found.length === 0 ? '' : `; did you mean ${found.join(', ')}?`;
}

// --- internal ---

/** The names most like a mistyped one, best first: at most `count`, none that differs in more than a third. */
function nearest(word: string, names: Iterable<string>, count = 3): string[] {
  const limit = Math.max(2, Math.ceil(word.length / 3));
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceOf(word.toLowerCase(), name.toLowerCase()) }))
    .filter(
      ({ name, distance }) => distance <= limit || name.includes(word) || (name.length > 3 && word.includes(name)),
    )
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** Levenshtein distance. */
function distanceOf(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
