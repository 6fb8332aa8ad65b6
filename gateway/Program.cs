using Monitoring.Gateway.Console;
using Monitoring.Gateway.Demo;
using Monitoring.Gateway.Hosting;
using Monitoring.Hosting;

if (Usage.IsWanted(args))
{
    return await Usage.PrintAsync();
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = DemoCommandLine.Expand(args),
    ContentRootPath = AppContext.BaseDirectory, // The working directory is the user's; it holds the data, not the program.
});
builder.AddActors();
builder.AddGateway();
builder.AddConsole();
builder.AddDemo();

var app = builder.Build();
app.MapGateway();
app.MapConsole();
return await app.RunGatewayAsync();
