import { type Platform, archOf, osOf } from '@slipway/model';

/**
 * Variants that Go compiles for, in the terms of docker and containerd. Without one, these may take an image for
 * another variant.
 */
const VARIANTS: Readonly<Record<string, string>> = { arm: 'v7', arm64: 'v8' };

/** A platform in the terms of images and image indexes. */
export function ociPlatform(platform: Platform): { architecture: string; os: string; variant?: string } {
  const architecture = archOf(platform);
  const variant = VARIANTS[architecture];
  return { architecture, os: osOf(platform), ...(variant === undefined ? {} : { variant }) };
}
