package client

import (
	"net/url"
	"strings"

	"github.com/spf13/pflag"

	"slipway.example/apimachinery/field"
)

// DefaultServer is where a kube-apiserver listens that was given no port.
const DefaultServer = "127.0.0.1:8080"

// Options is the flag of everything that needs the API server.
type Options struct {
	Server string
}

// NewOptions returns the default.
func NewOptions() *Options { return &Options{Server: DefaultServer} }

// AddFlags registers the flag.
func (o *Options) AddFlags(fs *pflag.FlagSet) {
	fs.StringVarP(&o.Server, "server", "s", o.Server, "Address of the API server, as in 127.0.0.1:8080.")
}

// Complete makes the client.
func (o *Options) Complete() (*Client, error) {
	server, err := ParseServer(o.Server)
	if err != nil {
		return nil, err
	}
	return New(server), nil
}

// ParseServer reads a URL, or an address without scheme.
func ParseServer(address string) (*url.URL, error) {
	path, text := field.NewPath("--server"), address
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	server, err := url.Parse(text)
	if err != nil {
		return nil, field.Invalid(path, address, "must be an address or a URL")
	}
	if server.Host == "" || server.Scheme != "http" && server.Scheme != "https" {
		return nil, field.Invalid(path, server, "must name a host, and http or https if any scheme")
	}
	return server, nil
}
