// "Near me" asks where one stands only when it is tapped; without an answer the link goes on with the neighbourhood.
export function startNear(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[href*='near=on']");
    if (!link || !("geolocation" in navigator) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const go = (place?: GeolocationPosition) => {
      const url = new URL(link.href);
      if (place) {
        url.searchParams.set("lat", place.coords.latitude.toFixed(5));
        url.searchParams.set("lng", place.coords.longitude.toFixed(5));
      }
      location.assign(url);
    };
    navigator.geolocation.getCurrentPosition(go, () => go(), { maximumAge: 60000, timeout: 8000 });
  });
}
