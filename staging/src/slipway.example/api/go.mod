module slipway.example/api

go 1.26.0

require slipway.example/apimachinery v0.0.0

replace slipway.example/apimachinery => ../apimachinery
