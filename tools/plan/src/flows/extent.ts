/** How far packaging goes: images alone, these and where they are taken, or all of a release. */
export type Extent = 'images' | 'pushed images' | 'loaded images' | 'everything';
