/**
 * The Go that is downloaded if none is installed, with the hash of its module zip in go.sum's format. To change it: `go
 * mod download -json golang.org/toolchain@v0.0.1-go<version>.<os>-<arch>` prints Sum, verified by Go with the checksum
 * database. On other platforms a Go must be installed.
 */
export interface PinnedToolchain {
  readonly version: string;
  /** By `os-arch`. */
  readonly hashes: Readonly<Record<string, string>>;
}

export const pinnedToolchain: PinnedToolchain = {
  version: '1.26.8',
  hashes: {
    'linux-amd64': 'h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=',
    'linux-arm64': 'h1:sYL/O6MqS68ML0kjsQ36WoYIpJqkw60TxizWUYUKQMc=',
    'darwin-amd64': 'h1:7/9KPPN8PckcA9s91hm2jmQMhzW4KyTJXHIs45L0C9M=',
    'darwin-arm64': 'h1:dFjGhY6f8DTsY8/rLchUTDRRfjJP4pCrGCwxvHFT2Fg=',
  },
};
