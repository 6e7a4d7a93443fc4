module slipway.example/component-base

go 1.26.0

require (
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.10
	slipway.example/apimachinery v0.0.0
)

require github.com/inconshreveable/mousetrap v1.1.0 // indirect

replace slipway.example/apimachinery => ../apimachinery
