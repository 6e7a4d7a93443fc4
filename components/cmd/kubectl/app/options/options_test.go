package options

import (
	"testing"

	"slipway.example/apimachinery/aggregate"
)

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		server  string
		err     string
	}{
		{"defaults", Options{}, "", ""},
		{"address", Options{Server: "127.0.0.1:8080"}, "http://127.0.0.1:8080", ""},
		{"URL", Options{Server: "https://kube.example/prefix", Output: "json"}, "https://kube.example/prefix", ""},
		{"client only", Options{Server: "127.0.0.1:8080", Client: true}, "", ""},
		{"no host", Options{Server: "http://"}, "",
			`--server: Invalid value: "http:": must name a host, and http or https if any scheme`},
		{"wrong scheme", Options{Server: "ftp://kube.example"}, "",
			`--server: Invalid value: "ftp://kube.example": must name a host, and http or https if any scheme`},
		{"no address", Options{Server: "a b"}, "", `--server: Invalid value: "a b": must be an address or a URL`},
		{"output", Options{Output: "yaml"}, "", `--output: Unsupported value: "yaml": supported values: json`},
	} {
		t.Run(test.name, func(t *testing.T) {
			config, err := test.options.Complete()
			if err == nil {
				err = aggregate.New(config.Validate())
			}
			if err != nil || test.err != "" {
				if err == nil || err.Error() != test.err {
					t.Errorf("got error  %v\nwant error %s", err, test.err)
				}
				return
			}
			server := ""
			if config.Server != nil {
				server = config.Server.String()
			}
			if server != test.server {
				t.Errorf("got server %q, want %q", server, test.server)
			}
		})
	}
}
