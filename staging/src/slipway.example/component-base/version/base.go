package version

// The build sets these with -ldflags -X; their names are the ones Kubernetes'
// build scripts stamp. The values here are for a plain go build. git archive
// puts the commit in place of the placeholders (.gitattributes beside this
// file), so that an exported tree still knows where it came from.
var (
	gitMajor     = ""
	gitMinor     = ""
	gitVersion   = "v0.0.0-master+$Format:%H$"
	gitCommit    = "$Format:%H$"
	gitTreeState = ""
	buildDate    = "1970-01-01T00:00:00Z"
)
