package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"slipway.example/api/core"
	"slipway.example/apimachinery/meta"
)

func TestParseServer(t *testing.T) {
	for _, test := range []struct{ address, want, err string }{
		{"127.0.0.1:8080", "http://127.0.0.1:8080", ""},
		{"https://kube.example/prefix", "https://kube.example/prefix", ""},
		{"http://", "", `--server: Invalid value: "http:": must name a host, and http or https if any scheme`},
		{"ftp://kube.example", "", `--server: Invalid value: "ftp://kube.example": must name a host, and http or https if any scheme`},
		{"a b", "", `--server: Invalid value: "a b": must be an address or a URL`},
	} {
		server, err := ParseServer(test.address)
		if err != nil && err.Error() != test.err || err == nil && (test.err != "" || server.String() != test.want) {
			t.Errorf("%s: got %v, %v", test.address, server, err)
		}
	}
}

// TestFollow plays a server whose watches break in every way there is; what the
// API server itself does is tested with it.
func TestFollow(t *testing.T) {
	pod := func(name, version string) string {
		return fmt.Sprintf(`{"metadata":{"name":%q,"resourceVersion":%q}}`, name, version)
	}
	event := func(name, version string) string {
		return fmt.Sprintf(`{"type":"ADDED","object":%s}`, pod(name, version))
	}
	expired, _ := json.Marshal(meta.NewStatus(meta.ReasonExpired, "too old"))
	script := []struct {
		query  string
		code   int
		answer string
	}{
		{"", 200, `{"metadata":{"resourceVersion":"5"},"items":[` + pod("a", "4") + `]}`},
		{"5", 200, event("b", "6")},
		{"6", 500, "broken"},
		{"6", 200, event("c", "8") + event("d", "9")},
		{"9", 200, `{"type":"ERROR","object":` + string(expired) + `}`},
		{"", 200, `{"metadata":{"resourceVersion":"20"},"items":[` + pod("e", "20") + `]}`},
		{"20", 410, string(expired)},
		{"", 200, `{"metadata":{"resourceVersion":"30"},"items":[]}`},
		{"30", 200, event("end", "31")},
	}
	step := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if step == len(script) {
			http.Error(w, "the end", http.StatusInternalServerError)
			return
		}
		if got := r.URL.Query().Get("resourceVersion"); got != script[step].query {
			t.Errorf("request %d: got version %q, want %q", step, got, script[step].query)
		}
		w.WriteHeader(script[step].code)
		fmt.Fprint(w, script[step].answer)
		step++
	}))
	defer server.Close()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var told []string
	New(address).Follow(ctx, Path(core.FindKind("Pod"), ""), func(items []json.RawMessage) {
		told = append(told, fmt.Sprintf("list of %d", len(items)))
	}, func(event meta.WatchEvent) {
		var pod core.Pod
		if err := json.Unmarshal(event.Object, &pod); err != nil {
			t.Error(err)
		}
		if told = append(told, pod.Name); pod.Name == "end" {
			cancel()
		}
	})
	if want := "list of 1, b, c, d, list of 1, list of 0, end"; strings.Join(told, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(told, ", "), want)
	}
}
