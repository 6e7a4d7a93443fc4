package options

import (
	"os"
	"strings"
	"testing"

	"slipway.example/apimachinery/aggregate"
)

func TestNodeName(t *testing.T) {
	hostname, err := os.Hostname()
	if err != nil {
		t.Skip("the machine has no host name: ", err)
	}
	for _, test := range []struct {
		name, override, want string
	}{
		{"of the machine", "", strings.ToLower(hostname)},
		{"given", "node-1", "node-1"},
		{"made lower case", " Node-1.Rack ", "node-1.rack"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := NewOptions()
			o.HostnameOverride = test.override
			config, err := o.Complete()
			if err != nil || config.Kubelet.NodeName != test.want {
				t.Errorf("got %q, %v; want %q", config.Kubelet.NodeName, err, test.want)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		name, override string
		port           int
		want           []string
	}{
		{"right", "node-1", 0, nil},
		{"no node name", "node_1", 0, []string{"--hostname-override"}},
		{"two faults", "node_1", -1, []string{"--port", "--hostname-override"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := NewOptions()
			o.HostnameOverride, o.Daemon.Serving.Port, o.RootDir = test.override, test.port, t.TempDir()
			config, err := o.Complete()
			if err != nil {
				t.Fatal(err)
			}
			err = aggregate.New(config.Validate())
			if (err != nil) != (len(test.want) > 0) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not name %s", err, want)
				}
			}
		})
	}
}
