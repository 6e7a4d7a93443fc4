import { type Platform, archOf, osOf } from '@slipway/model';

/** What Go compiles for, as docker and containerd call it; they take an image without one for another. */
const VARIANTS: Readonly<Record<string, string>> = { arm: 'v7', arm64: 'v8' };

/** A platform as an image, and an index of images, name it. */
export function ociPlatform(platform: Platform): { architecture: string; os: string; variant?: string } {
  const architecture = archOf(platform);
  const variant = VARIANTS[architecture];
  return { architecture, os: osOf(platform), ...(variant === undefined ? {} : { variant }) };
}
