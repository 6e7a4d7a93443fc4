// Package serving is the HTTP endpoint of a daemon: where it listens, what it
// always answers, and how it stops.
package serving

import (
	"net"
	"strconv"
	"time"

	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
	"slipway.example/apimachinery/validation"
)

// Options are the serving flags.
type Options struct {
	BindAddress         net.IP
	Port                int
	ShutdownGracePeriod time.Duration
}

// NewOptions returns the defaults, with the port the component is known by.
func NewOptions(port int) *Options {
	return &Options{BindAddress: net.IPv4(127, 0, 0, 1), Port: port, ShutdownGracePeriod: 10 * time.Second}
}

// AddFlags registers the serving flags.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	fs.IPVar(&o.BindAddress, "bind-address", o.BindAddress, "Loopback address to listen on.")
	fs.IntVar(&o.Port, "port", o.Port, "Port to listen on; 0 takes a free one, which the log names.")
	fs.DurationVar(&o.ShutdownGracePeriod, "shutdown-grace-period", o.ShutdownGracePeriod,
		"How long requests may still run after a signal to stop.")
}

// Validate returns all that is wrong with the flags. Only loopback addresses are
// let in, as nobody who asks is authenticated.
func (o *Options) Validate() field.ErrorList {
	var errs field.ErrorList
	if !o.BindAddress.IsLoopback() {
		errs = append(errs, field.Invalid(field.NewPath("--bind-address"), o.BindAddress, "must be a loopback address"))
	}
	for _, fault := range validation.IsInRange(o.Port, 0, 65535) {
		errs = append(errs, field.Invalid(field.NewPath("--port"), o.Port, fault))
	}
	if o.ShutdownGracePeriod < 0 {
		errs = append(errs, field.Invalid(field.NewPath("--shutdown-grace-period"), o.ShutdownGracePeriod, "must not be negative"))
	}
	return errs
}

// Listen takes the port of valid options.
func (o *Options) Listen() (net.Listener, error) {
	return net.Listen("tcp", net.JoinHostPort(o.BindAddress.String(), strconv.Itoa(o.Port)))
}
