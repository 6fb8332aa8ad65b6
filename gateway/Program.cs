using Monitoring.Gateway.Hosting;
using Monitoring.Hosting;

var builder = WebApplication.CreateBuilder(CommandLine.ForConfiguration(args));
builder.AddEmbeddedSilo();
builder.AddGateway();

var app = builder.Build();
app.MapGateway();
return await app.RunGatewayAsync();
