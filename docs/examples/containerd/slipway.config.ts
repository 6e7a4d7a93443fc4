import type { Config } from 'slipway';

export default {
  exclude: ['cmd/gen-manpages', 'cmd/protoc-gen-go-fieldpath', 'cmd/go-buildtag'],
  targets: [{ path: 'cmd/containerd-shim-runc-v2', static: true }],
} satisfies Config;
