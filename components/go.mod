module slipway.example/components

go 1.26.0

require (
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.10
	slipway.example/apimachinery v0.0.0
	slipway.example/component-base v0.0.0
)

require github.com/inconshreveable/mousetrap v1.1.0 // indirect

// For builds without go.work; with it, the modules of the workspace come first.
replace (
	slipway.example/apimachinery => ../staging/src/slipway.example/apimachinery
	slipway.example/component-base => ../staging/src/slipway.example/component-base
)
