// Package options holds the flags of the kube-apiserver.
package options

import (
	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/validation"
	"slipway.example/components/pkg/daemon"
)

const defaultPort = 8080

// Options are the flags as given.
type Options struct {
	Daemon       *daemon.Options
	DataDir      string
	WatchHistory int
}

// NewOptions returns the defaults.
func NewOptions() *Options {
	return &Options{Daemon: daemon.NewOptions(defaultPort), WatchHistory: 10_000}
}

// AddFlags registers the flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	o.Daemon.AddFlags(fs)
	fs.StringVar(&o.DataDir, "data-dir", o.DataDir, "Directory the objects are kept in.")
	fs.IntVar(&o.WatchHistory, "watch-history", o.WatchHistory, "How many changes back a watch may begin.")
}

// Complete fills in what depends on the machine or on other flags.
func (o *Options) Complete() (CompletedOptions, error) {
	return CompletedOptions{o.Daemon.Complete(), o.DataDir, o.WatchHistory}, nil
}

// CompletedOptions are what Run works with.
type CompletedOptions struct {
	daemon.CompletedOptions
	DataDir      string
	WatchHistory int
}

// Validate returns all problems of the options.
func (c CompletedOptions) Validate() []error {
	var errs field.ErrorList
	if c.DataDir == "" {
		errs = append(errs, field.Required(field.NewPath("--data-dir"), "objects are kept there"))
	}
	for _, fault := range validation.IsInRange(c.WatchHistory, 1, 10_000_000) {
		errs = append(errs, field.Invalid(field.NewPath("--watch-history"), c.WatchHistory, fault))
	}
	return append(c.CompletedOptions.Validate(), errs.Errors()...)
}
