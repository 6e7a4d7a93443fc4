/**
 * `os/arch` in Go's spelling, e.g. `linux/amd64`. The set of platforms is known only at run time, so the type is a
 * brand and not a union.
 */
export type Platform = string & { readonly brand: 'Platform' };

/** Undefined unless the text has the form `os/arch`. It may be a pair that Go does not know. */
export function parsePlatform(text: string): Platform | undefined {
  return /^[a-z0-9]+\/[a-z0-9]+$/.test(text) ? (text as Platform) : undefined;
}

export const osOf = (platform: Platform): string => platform.slice(0, platform.indexOf('/'));

export const archOf = (platform: Platform): string => platform.slice(platform.indexOf('/') + 1);

/** Sorted, without duplicates. */
export const sortPlatforms = (platforms: readonly Platform[]): Platform[] => [...new Set(platforms)].sort();
