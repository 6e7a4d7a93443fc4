package version

import (
	"encoding/json"
	"regexp"
	"runtime"
	"testing"
)

func TestWithoutPlaceholder(t *testing.T) {
	const hash = "0123456789abcdef0123456789abcdef01234567"
	for _, test := range []struct{ name, value, want string }{
		{"plain build", "v0.0.0-master+$Format:%H$", "v0.0.0-master"},
		{"plain build, commit", "$Format:%H$", ""},
		{"exported tree", "v0.0.0-master+" + hash, "v0.0.0-master+" + hash},
		{"stamped", "v1.2.3-4+0123456789abcd-dirty", "v1.2.3-4+0123456789abcd-dirty"},
		{"stamped with nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := withoutPlaceholder(test.value); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// The test binary may itself be stamped, so this holds for every stamp.
func TestGet(t *testing.T) {
	info := Get()
	if !regexp.MustCompile(`^v\d+\.\d+\.\d+([-+][-+.0-9A-Za-z]*)?$`).MatchString(info.GitVersion) {
		t.Errorf("gitVersion %q is no version", info.GitVersion)
	}
	if info.String() != info.GitVersion {
		t.Errorf("String gives %q, want %q", info, info.GitVersion)
	}
	if want := runtime.GOOS + "/" + runtime.GOARCH; info.Platform != want {
		t.Errorf("platform %q, want %q", info.Platform, want)
	}
}

func TestInfoHasTheNamesOfKubernetes(t *testing.T) {
	text, err := json.Marshal(Info{Major: "1", Minor: "2+", GitVersion: "v1.2.3", GitCommit: "c", GitTreeState: "dirty",
		BuildDate: "d", GoVersion: "g", Compiler: "gc", Platform: "p"})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"major":"1","minor":"2+","gitVersion":"v1.2.3","gitCommit":"c","gitTreeState":"dirty",` +
		`"buildDate":"d","goVersion":"g","compiler":"gc","platform":"p"}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}
