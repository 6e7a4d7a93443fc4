// Package options holds the flags of the kubelet.
package options

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"slipway.example/api/core"
	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/validation"
	"slipway.example/client-go/client"
	"slipway.example/components/pkg/daemon"
	"slipway.example/components/pkg/kubelet"
)

const defaultPort = 10248

// Options are the flags as given.
type Options struct {
	Daemon           *daemon.Options
	Client           *client.Options
	HostnameOverride string
	RootDir          string
	NodeLabels       map[string]string
	Capacity         core.Resources
	HeartbeatPeriod  time.Duration
}

// NewOptions returns the defaults.
func NewOptions() *Options {
	return &Options{
		Daemon: daemon.NewOptions(defaultPort), Client: client.NewOptions(), HeartbeatPeriod: 10 * time.Second,
		Capacity: core.Resources{Pods: 110, MilliCPU: 1000 * runtime.NumCPU()},
	}
}

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	o.Daemon.AddFlags(fs)
	o.Client.AddFlags(fs)
	fs.StringVar(&o.HostnameOverride, "hostname-override", o.HostnameOverride,
		"Name of the node, instead of the machine's host name.")
	fs.StringVar(&o.RootDir, "root-dir", o.RootDir, "Directory for what pods write, logs among it.")
	fs.StringToStringVar(&o.NodeLabels, "node-labels", o.NodeLabels, "Labels of the node when it registers, as in disk=fast.")
	fs.IntVar(&o.Capacity.Pods, "max-pods", o.Capacity.Pods, "How many pods the node takes.")
	fs.IntVar(&o.Capacity.MilliCPU, "milli-cpu", o.Capacity.MilliCPU, "How much CPU the node offers, in thousandths of a core.")
	fs.DurationVar(&o.HeartbeatPeriod, "node-status-update-frequency", o.HeartbeatPeriod, "How often the node says that it is there.")
}

// Complete fills in what depends on the machine or on other flags.
func (o *Options) Complete() (CompletedOptions, error) {
	name := o.HostnameOverride
	if name == "" {
		hostname, err := os.Hostname()
		if err != nil {
			return CompletedOptions{}, fmt.Errorf("no name for the node, give --hostname-override: %w", err)
		}
		name = hostname
	}
	server, err := o.Client.Complete()
	if err != nil {
		return CompletedOptions{}, err
	}
	config := CompletedOptions{o.Daemon.Complete(), kubelet.Config{
		Client: server, NodeName: strings.ToLower(strings.TrimSpace(name)), Labels: o.NodeLabels, RootDir: o.RootDir,
		Capacity: o.Capacity, HeartbeatPeriod: o.HeartbeatPeriod,
	}}
	if o.RootDir != "" {
		// Processes of pods have other working directories.
		config.Kubelet.RootDir, err = filepath.Abs(o.RootDir)
	}
	return config, err
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	daemon.CompletedOptions
	Kubelet kubelet.Config
}

// Validate returns all problems of the options.
func (c CompletedOptions) Validate() []error {
	var errs field.ErrorList
	for _, fault := range validation.IsDNS1123Subdomain(c.Kubelet.NodeName) {
		errs = append(errs, field.Invalid(field.NewPath("--hostname-override"), c.Kubelet.NodeName, fault))
	}
	if c.Kubelet.RootDir == "" {
		errs = append(errs, field.Required(field.NewPath("--root-dir"), "pods write there"))
	}
	for flag, value := range map[string]int{"--max-pods": c.Kubelet.Capacity.Pods, "--milli-cpu": c.Kubelet.Capacity.MilliCPU} {
		for _, fault := range validation.IsInRange(value, 0, 1_000_000) {
			errs = append(errs, field.Invalid(field.NewPath(flag), value, fault))
		}
	}
	if c.Kubelet.HeartbeatPeriod <= 0 {
		errs = append(errs, field.Invalid(field.NewPath("--node-status-update-frequency"), c.Kubelet.HeartbeatPeriod, "must be positive"))
	}
	return append(c.CompletedOptions.Validate(), errs.Errors()...)
}
