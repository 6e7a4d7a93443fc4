// +k8s:deepcopy-gen=package
// +k8s:defaulter-gen=TypeMeta

// Package core holds the kinds of the API. They are Kubernetes' cut down to what
// our components use: a container is a local process, so that it has a command
// and no image.
package core
