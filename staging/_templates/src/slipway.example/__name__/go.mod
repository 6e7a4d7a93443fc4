module slipway.example/__name__

go 1.26.0
