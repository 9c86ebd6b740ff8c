using Polywire.AspNetCore.Http.Params;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>The type and subtype of a body alone say how it is read.</summary>
public class MediaTypeTests
{
    [Theory]
    [InlineData("application/json", "Json")]
    [InlineData("APPLICATION/JSON", "Json")]
    [InlineData("application/json;charset=utf-8", "Json")]
    [InlineData("application/json ; charset=utf-8", "Json")]
    [InlineData(" application/json", "Json")]
    [InlineData("text/json", "Json")]
    [InlineData("application/x-json", "Json")]
    [InlineData("application/vnd.api+json; charset=utf-8", "Json")]
    [InlineData("application/problem+JSON", "Json")]
    [InlineData("text/plain; x=json", "Ignored")]
    [InlineData("text/plain;application/json", "Ignored")]
    [InlineData("text/plain; charset=\"application/json\"", "Ignored")]
    [InlineData("text/plain, application/json", "Ignored")]
    [InlineData("text/plain application/json", "Ignored")]
    [InlineData("text/plain; x=octet-stream", "Ignored")]
    [InlineData("text/plain; x=urlencoded", "Ignored")]
    [InlineData("text/plain; multipart/form-data; boundary=x", "Ignored")]
    [InlineData("application/x-www-form-urlencoded; x=json", "Form")]
    [InlineData("multipart/form-data; boundary=json", "Multipart")]
    [InlineData("multipart/form-data; boundary=octet-stream", "Multipart")]
    [InlineData("multipart/related; type=\"application/json\"; boundary=x", "Multipart")]
    [InlineData("application/json; x=urlencoded", "Json")]
    [InlineData("application/json; x=octet-stream", "Json")]
    [InlineData("application/octet-stream", "File")]
    [InlineData("binary/octet-stream", "File")]
    [InlineData("application/octet-stream; x=json", "File")]
    [InlineData("application/x-www-form-urlencoded", "Form")]
    [InlineData("Application/X-WWW-Form-Urlencoded;charset=UTF-8", "Form")]
    [InlineData("json", "Ignored")]
    [InlineData("/json", "Ignored")]
    [InlineData("application/", "Ignored")]
    [InlineData("application/jsonp", "Ignored")]
    [InlineData("application/notjson", "Ignored")]
    [InlineData("application/json+xml", "Ignored")]
    [InlineData("application/json/x", "Ignored")]
    [InlineData("applic ation/json", "Ignored")]
    [InlineData("x-multipart/form-data", "Ignored")]
    [InlineData("text/xml", "Ignored")]
    [InlineData(";application/json", "Ignored")]
    [InlineData("", "Ignored")]
    public void TypeAndSubtypeDecide(string contentType, string kind) => MediaType.KindOf(contentType).ToString().ShouldBe(kind);
}
