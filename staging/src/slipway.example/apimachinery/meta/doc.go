// +k8s:deepcopy-gen=package

// Package meta is what all API objects have in common, and what a server says
// about them. The JSON is Kubernetes'.
package meta
