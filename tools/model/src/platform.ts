/** `os/arch` in Go's spelling, e.g. `linux/amd64`. A fact read at run time, hence a brand and not a union. */
export type Platform = string & { readonly brand: 'Platform' };

/** Undefined when the text does not have the form `os/arch`. Whether Go knows the pair is not asked here. */
export function parsePlatform(text: string): Platform | undefined {
  return /^[a-z0-9]+\/[a-z0-9]+$/.test(text) ? (text as Platform) : undefined;
}

export const osOf = (platform: Platform): string => platform.slice(0, platform.indexOf('/'));

export const archOf = (platform: Platform): string => platform.slice(platform.indexOf('/') + 1);

/** Sorted, without duplicates. */
export const sortPlatforms = (platforms: readonly Platform[]): Platform[] => [...new Set(platforms)].sort();
