// Package options holds the flags of the kube-scheduler.
package options

import "slipway.example/components/pkg/daemon"

const defaultPort = 10259

// NewOptions returns the defaults. It has no flags of its own.
func NewOptions() *daemon.ClientOptions { return daemon.NewClientOptions(defaultPort) }
