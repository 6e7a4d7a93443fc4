// Package version knows which source a binary was built from.
package version

import (
	"runtime"
	"strings"
)

// Info is the answer of /version; the JSON names are those of Kubernetes.
type Info struct {
	Major        string `json:"major"`
	Minor        string `json:"minor"`
	GitVersion   string `json:"gitVersion"`
	GitCommit    string `json:"gitCommit"`
	GitTreeState string `json:"gitTreeState"`
	BuildDate    string `json:"buildDate"`
	GoVersion    string `json:"goVersion"`
	Compiler     string `json:"compiler"`
	Platform     string `json:"platform"`
}

func (i Info) String() string { return i.GitVersion }

// Get returns the stamp of the running binary.
func Get() Info {
	return Info{
		Major:        gitMajor,
		Minor:        gitMinor,
		GitVersion:   withoutPlaceholder(gitVersion),
		GitCommit:    withoutPlaceholder(gitCommit),
		GitTreeState: gitTreeState,
		BuildDate:    buildDate,
		GoVersion:    runtime.Version(),
		Compiler:     runtime.Compiler,
		Platform:     runtime.GOOS + "/" + runtime.GOARCH,
	}
}

// withoutPlaceholder cuts off what neither the build nor git archive filled in,
// together with the + before it, so that a plain go build has a valid version.
func withoutPlaceholder(value string) string {
	known, _, _ := strings.Cut(value, "$Format:")
	return strings.TrimSuffix(known, "+")
}
