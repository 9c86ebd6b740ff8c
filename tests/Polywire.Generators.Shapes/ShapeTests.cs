using System.Text.Json;
using System.Text.Json.Serialization;
using Polywire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Shapes.Support;

/// <summary>Sends every shape what its attributes say.</summary>
public sealed class ShapeTests(ShapeTests.Host host) : IClassFixture<ShapeTests.Host>
{
    private static readonly Type[] All =
        [.. typeof(ShapeTests).Assembly.GetTypes().Concat(typeof(Contracts.Base).Assembly.GetTypes()).Where(type => type.IsDefined(typeof(ActionAttribute), inherit: false) && type.Name is not ("OfContracts" or "TransferAction" or "OwnContract"))];

    public static TheoryData<string, string, string> Given => Cases<GivenAttribute>(given => (given.Json, given.Members));

    public static TheoryData<string, string, string> Refused => Cases<RefusedAttribute>(refused => (refused.Json, refused.Message));

    [Theory]
    [MemberData(nameof(Given))]
    public async Task ComesOutAsItIsMeant(string shape, string json, string members) =>
        (await host.RunAsync(shape, json)).ShouldBe(members);

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task IsRefusedInTheRightWords(string shape, string json, string message) =>
        (await Should.ThrowAsync<ActionException>(() => host.RunAsync(shape, json))).Message.ShouldBe(message);

    [Theory]
    [InlineData("""{"name":"n","isAdmin":true,"level":5,"role":"r"}""")]
    [InlineData("""{"name":"n"}""")]
    public async Task DelegatesTakeWhatClassesTake(string json)
    {
        (await host.RunAsync("delegate", json)).ShouldBe("Name=n IsAdmin=False Level=1 Role=null");
        host.Inputs("delegate").ShouldBe(["name"]);
    }

    [Fact]
    public void ThereAreMany()
    {
        All.Length.ShouldBeGreaterThanOrEqualTo(250);
        All.ShouldAllBe(type => type.IsDefined(typeof(GivenAttribute), false) || type.IsDefined(typeof(RefusedAttribute), false));
        All.Select(NameOf).ShouldBeUnique();
    }

    private static TheoryData<string, string, string> Cases<T>(Func<T, (string Json, string Right)> read)
        where T : Attribute
    {
        var data = new TheoryData<string, string, string>();
        foreach (var type in All)
        {
            foreach (T attribute in type.GetCustomAttributes(typeof(T), inherit: false))
            {
                var (json, right) = read(attribute);
                data.Add(NameOf(type), json, right);
            }
        }

        return data;
    }

    private static string NameOf(Type type) => ((ActionAttribute)type.GetCustomAttributes(typeof(ActionAttribute), false)[0]).Name!;

    public sealed record DelegateInput(string Name, [property: JsonIgnore] bool IsAdmin = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenReading)] int Level = 1)
    {
        [JsonIgnore]
        public string? Role { get; set; }
    }

    public sealed class Host : IAsyncLifetime
    {
        private PolywireTestHost? _host;

        public async ValueTask InitializeAsync() =>
            _host = await PolywireTestHost.StartAsync(builder =>
            {
                builder.AddActions();
                builder.AddContractActions();
                builder.MapAction("delegate", (DelegateInput input) => Text.Of(input, isOuter: true));
                builder.Services.AddKeyedSingleton("left", "the left one");
                builder.Services.AddKeyedSingleton((object)typeof(int), "the one of int");
                builder.Services.AddKeyedSingleton((short)7, "the seventh");
            });

        public Task<string> RunAsync(string name, string json)
        {
            using var document = JsonDocument.Parse(json);
            return _host!.RunAsync<string>(name, document.RootElement.Clone());
        }

        public IEnumerable<string> Inputs(string name) =>
            _host!.Services.GetRequiredService<IActions>().All.Single(action => action.Name == name).Inputs.Select(input => input.Name);

        public ValueTask DisposeAsync() => _host is null ? default : _host.DisposeAsync();
    }
}
