document.title = 'Farthing';
