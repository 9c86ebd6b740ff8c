using Microsoft.EntityFrameworkCore;

public sealed class Shop(DbContextOptions<Shop> options) : DbContext(options)
{
    public DbSet<Visit> Visits => Set<Visit>();
}

public sealed record Visit(string Connection)
{
    public int Id { get; set; }
}
