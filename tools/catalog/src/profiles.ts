import type { Profile } from '@slipway/model';

/** Each profile in one line. plan/profile.ts implements them. */
export const profiles: Readonly<Record<Profile, string>> = {
  dev: '-trimpath, stamped with the nearest tag only: a commit that touches no Go file changes no binary',
  release: '-trimpath, full stamps, the date of the commit: the same bytes in any directory',
  make: "the tree's own flags, path and stamps: the same bytes as its make",
};

export const isProfile = (text: string): text is Profile => Object.hasOwn(profiles, text);
