/** Compiles whether pages of an origin may send: `https://www.example.com`, or all hosts under `https://*.example.com`. */
export function originCheck(origins: readonly string[]): (origin: string) => boolean {
  const patterns = origins.map((origin) => {
    const written = origin.replaceAll('.', String.raw`\.`).replace(String.raw`*\.`, String.raw`([a-z0-9-]+\.)+`);
    return new RegExp(`^${written}$`);
  });
  return (origin) => patterns.some((pattern) => pattern.test(origin));
}
