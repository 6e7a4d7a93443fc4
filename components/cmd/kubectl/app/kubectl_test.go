package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"slipway.example/component-base/serving"
	"slipway.example/component-base/version"
)

func run(t *testing.T, arguments ...string) (string, error) {
	command := NewDefaultKubectlCommand()
	command.SetArgs(arguments)
	command.SilenceErrors, command.SilenceUsage = true, true
	var out bytes.Buffer
	command.SetOut(&out)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

func TestText(t *testing.T) {
	server := httptest.NewServer(serving.NewMux())
	defer server.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }))
	defer broken.Close()
	absent := httptest.NewServer(http.NotFoundHandler())
	defer absent.Close()

	client := fmt.Sprintf("Client Version: %s\n", version.Get())
	both := client + fmt.Sprintf("Server Version: %s\n", version.Get())
	for _, test := range []struct {
		name      string
		arguments []string
		want      string
		err       string
	}{
		{"flag", []string{"--version"}, fmt.Sprintf("kubectl %s\n", version.Get()), ""},
		{"raw flag", []string{"--version=raw"}, fmt.Sprintf("%#v\n", version.Get()), ""},
		{"client", []string{"version"}, client, ""},
		{"server", []string{"version", "--server", server.URL}, both, ""},
		{"server not asked", []string{"version", "--client", "-s", broken.URL}, client, ""},
		{"no version", []string{"version", "-s", broken.URL}, client, "does not answer with a version"},
		{"no such path", []string{"version", "-s", absent.URL}, client, "404"},
		{"no server", []string{"version", "-s", "127.0.0.1:1"}, client, "127.0.0.1:1"},
		{"bad output", []string{"version", "-o", "xml"}, "", "--output"},
		{"unknown command", []string{"aply"}, "", "aply"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := run(t, test.arguments...)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got error %v, want %q in it", err, test.err)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	server := httptest.NewServer(serving.NewMux())
	defer server.Close()
	for _, test := range []struct {
		name      string
		arguments []string
		server    bool
	}{
		{"client", nil, false},
		{"server", []string{"--server", server.URL}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := run(t, append([]string{"version", "-o", "json"}, test.arguments...)...)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]version.Info
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			want := map[string]version.Info{"clientVersion": version.Get()}
			if test.server {
				want["serverVersion"] = version.Get()
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestWithoutArgumentsItHelps(t *testing.T) {
	text, err := run(t)
	if err != nil || !strings.Contains(text, "version") || !strings.Contains(text, "completion") {
		t.Errorf("got %q, %v", text, err)
	}
}
