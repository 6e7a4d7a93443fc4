module slipway.example/components

go 1.26.0

require (
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.10
	go.etcd.io/bbolt v1.5.0
	sigs.k8s.io/yaml v1.6.0
	slipway.example/api v0.0.0
	slipway.example/apimachinery v0.0.0
	slipway.example/client-go v0.0.0
	slipway.example/component-base v0.0.0
)

require (
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	go.yaml.in/yaml/v2 v2.4.2 // indirect
	golang.org/x/sys v0.45.0 // indirect
)

// For builds without go.work; with it, the modules of the workspace come first.
replace (
	slipway.example/api => ../staging/src/slipway.example/api
	slipway.example/apimachinery => ../staging/src/slipway.example/apimachinery
	slipway.example/client-go => ../staging/src/slipway.example/client-go
	slipway.example/component-base => ../staging/src/slipway.example/component-base
)
