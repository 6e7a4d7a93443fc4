module slipway.example/apimachinery

go 1.26.0
