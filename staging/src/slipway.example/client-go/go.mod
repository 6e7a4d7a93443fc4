module slipway.example/client-go

go 1.26.0

require (
	github.com/spf13/pflag v1.0.10
	slipway.example/api v0.0.0
	slipway.example/apimachinery v0.0.0
	slipway.example/component-base v0.0.0
)

replace (
	slipway.example/api => ../api
	slipway.example/apimachinery => ../apimachinery
	slipway.example/component-base => ../component-base
)
