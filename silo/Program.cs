using Microsoft.AspNetCore.Builder;
using Monitoring.Clustering;
using Monitoring.Hosting;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory, // The working directory is the user's.
});
builder.AddSiloEndpoints();
builder.AddClusterSilo();

var app = builder.Build();
app.MapSiloEndpoints();
return await app.RunSiloAsync();
