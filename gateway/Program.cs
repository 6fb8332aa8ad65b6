using Monitoring.Gateway.Console;
using Monitoring.Gateway.Demo;
using Monitoring.Gateway.Hosting;
using Monitoring.Hosting;

var builder = WebApplication.CreateBuilder(DemoCommandLine.Expand(args));
builder.AddEmbeddedSilo();
builder.AddGateway();
builder.AddConsole();
builder.AddDemo();

var app = builder.Build();
app.MapGateway();
app.MapConsole();
return await app.RunGatewayAsync();
