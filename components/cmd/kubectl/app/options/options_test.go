package options

import (
	"testing"

	"slipway.example/apimachinery/aggregate"
)

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		server  bool
		err     string
	}{
		{"defaults", Options{}, false, ""},
		{"address", Options{Server: "127.0.0.1:8080"}, true, ""},
		{"URL", Options{Server: "https://kube.example/prefix", Output: "json"}, true, ""},
		{"client only", Options{Server: "127.0.0.1:8080", Client: true}, false, ""},
		{"no address", Options{Server: "a b"}, false, `--server: Invalid value: "a b": must be an address or a URL`},
		{"output", Options{Output: "yaml"}, false, `--output: Unsupported value: "yaml": supported values: json`},
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
			if (config.Server != nil) != test.server {
				t.Errorf("asks a server: %v", config.Server != nil)
			}
		})
	}
}
